/*
 * gauge <report> [--leave] -- <command...>: runs a command and writes what it and all that it started took.
 *
 * CPU is what the kernel counted of every process that has ended, so nothing short-lived is missed. Memory is what its
 * processes hold for themselves, summed over all of them every 50 ms. Whoever still runs when the command has ended, like
 * ssh's shared connections, is ended here; with --leave it is left alone, for it is the work itself then.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SAMPLE_MS = 50, GRACE_SAMPLES = 40 };

/* PF_FORKNOEXEC of the kernel's sched.h. */
enum { FORKED_ONLY = 0x40 };

static long page;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

/* Calls `each` for all that a process started and that still runs; a child is found below the thread that made it. */
static void descend(pid_t pid, void (*each)(pid_t, void *), void *with) {
  char path[320];
  snprintf(path, sizeof path, "/proc/%d/task", pid);
  DIR *threads = opendir(path);
  if (!threads) return;
  for (struct dirent *thread; (thread = readdir(threads));) {
    if (thread->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "/proc/%d/task/%s/children", pid, thread->d_name);
    FILE *children = fopen(path, "r");
    if (!children) continue;
    for (int child; fscanf(children, "%d", &child) == 1;) {
      each(child, with);
      descend(child, each, with);
    }
    fclose(children);
  }
  closedir(threads);
}

/* One that was forked and has not become another program yet shares its parent's memory: what it has written is its own. */
static int is_still_its_parent(pid_t pid) {
  char path[64];
  unsigned flags = 0;
  snprintf(path, sizeof path, "/proc/%d/stat", pid);
  FILE *status = fopen(path, "r");
  if (!status) return 0;
  if (fscanf(status, "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %u", &flags) != 1) flags = 0;
  fclose(status);
  return (flags & FORKED_ONLY) != 0;
}

static long written_by(pid_t pid) {
  char path[64], line[256];
  long kilobytes = 0;
  snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
  FILE *memory = fopen(path, "r");
  if (!memory) return 0;
  while (fgets(line, sizeof line, memory))
    if (sscanf(line, "Private_Dirty: %ld", &kilobytes) == 1) break;
  fclose(memory);
  return kilobytes * 1024;
}

static long held_by(pid_t pid) {
  char path[64];
  long resident, shared, held = 0;
  snprintf(path, sizeof path, "/proc/%d/statm", pid);
  FILE *memory = fopen(path, "r");
  if (!memory) return 0;
  if (fscanf(memory, "%*d %ld %ld", &resident, &shared) == 2) held = (resident - shared) * page;
  fclose(memory);
  return held;
}

static void weigh(pid_t pid, void *sum) {
  *(long *)sum += is_still_its_parent(pid) ? written_by(pid) : held_by(pid);
}

static void finish(pid_t pid, void *signal) { kill(pid, *(int *)signal); }

int main(int count, char **arguments) {
  if (count < 4) return 2;
  int leave = !strcmp(arguments[2], "--leave");
  char **command = arguments + (leave ? 4 : 3);
  page = sysconf(_SC_PAGESIZE);
  if (!leave) prctl(PR_SET_CHILD_SUBREAPER, 1);
  prctl(PR_SET_PDEATHSIG, SIGTERM);

  sigset_t awaited, before;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGCHLD);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGINT);
  sigprocmask(SIG_BLOCK, &awaited, &before);

  double began = now(), wall = 0;
  pid_t main_child = fork();
  if (main_child == 0) {
    sigprocmask(SIG_SETMASK, &before, NULL);
    execvp(command[0], command);
    perror(command[0]);
    _exit(127);
  }

  long peak = 0;
  int code = 0, stopped = 0, late = 0;
  for (int left = 1; left;) {
    int signal = sigtimedwait(&awaited, NULL, &(struct timespec){.tv_nsec = SAMPLE_MS * 1000000L});
    if (signal == SIGTERM || signal == SIGINT) stopped = 1;
    pid_t ended;
    int status;
    while ((ended = waitpid(-1, &status, WNOHANG)) > 0) {
      if (ended != main_child) continue;
      wall = now() - began;
      code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    }
    left = ended == 0;
    if (signal == SIGCHLD && !stopped && wall == 0) continue;
    if (stopped || wall > 0) {
      int last = ++late > GRACE_SAMPLES ? SIGKILL : SIGTERM;
      descend(getpid(), finish, &last);
    } else {
      long sum = 0;
      descend(getpid(), weigh, &sum);
      if (sum > peak) peak = sum;
    }
  }

  struct rusage used;
  getrusage(RUSAGE_CHILDREN, &used);
  double cpu = (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 + (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
  FILE *report = fopen(arguments[1], "w");
  if (!report) return 2;
  fprintf(report, "{\"wall\":%.1f,\"cpu\":%.1f,\"memory\":%ld}\n", wall, cpu, peak);
  fclose(report);
  return code;
}
