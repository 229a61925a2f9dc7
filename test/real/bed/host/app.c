/*
 * The application of a test bed's hosts: app <address> <port>, started in its own folder.
 *
 * It goes to the background, boots for as long as `boot-ms` says, serves the release that `release` names, and on SIGTERM
 * listens no more, answers what it has, and ends. On SIGHUP it serves the release that is named now. It holds a lock on `lock` for as long as it runs. Files that appear in
 * its folder make trouble: `self-test-fails` and `never-alive` (holding a release: only with that one), `slow-ms`.
 * It is written in C because a hundred of them start at once, and each costs a megabyte.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

enum { WORK_MS = 5, LONGEST_LIFE_S = 900, LONGEST_REQUEST = 4096, STACK = 64 * 1024 };

static char release[128];
static atomic_int answering;
static volatile sig_atomic_t stopping, rereading, listener = -1;

/* Whichever thread gets the signal, this ends the wait for a connection. */
static void stop(int signal) {
  (void)signal;
  stopping = 1;
  shutdown(listener, SHUT_RDWR);
}

/* The next connection is answered by the release that `release` names by then. */
static void reread(int signal) {
  (void)signal;
  rereading = 1;
}

/* A file's first line; false when there is no such file. */
static int first_line(const char *name, char *line, int size) {
  FILE *file = fopen(name, "r");
  if (!file) return 0;
  if (!fgets(line, size, file)) line[0] = 0;
  line[strcspn(line, "\n")] = 0;
  fclose(file);
  return 1;
}

static int milliseconds(const char *name, int otherwise) {
  char line[32];
  return first_line(name, line, sizeof line) ? atoi(line) : otherwise;
}

static int in_trouble(const char *name) {
  char which[sizeof release];
  return first_line(name, which, sizeof which) && (!*which || !strcmp(which, release));
}

static void answer(int connection, const char *status, const char *format, ...) {
  char body[1024], text[1536];
  va_list values;
  va_start(values, format);
  vsnprintf(body, sizeof body, format, values);
  va_end(values);
  int size = snprintf(text, sizeof text,
                      "HTTP/1.1 %s\r\nx-release: %s\r\ncontent-length: %zu\r\nconnection: close\r\n\r\n%s", status, release,
                      strlen(body), body);
  if (write(connection, text, size) != size) perror("answer");
}

static void *serve(void *argument) {
  int connection = (int)(long)argument;
  char request[LONGEST_REQUEST], path[128] = "", line[512];
  int size = 0, got;
  while (size < (int)sizeof request - 1 && (got = read(connection, request + size, sizeof request - 1 - size)) > 0) {
    request[size += got] = 0;
    if (strstr(request, "\r\n\r\n")) break;
  }
  request[size] = 0;
  if (sscanf(request, "%*s %127s", path) != 1) {
    /* Somebody looked whether anybody listens. */
  } else if (!strcmp(path, "/is-alive")) {
    if (in_trouble("never-alive")) answer(connection, "503 Service Unavailable", "not yet\n");
    else answer(connection, "200 OK", "yes\n");
  } else if (!strcmp(path, "/self-test")) {
    if (in_trouble("self-test-fails")) answer(connection, "500 Internal Server Error", "the payment gateway does not answer\n");
    else answer(connection, "200 OK", "all is well\n");
  } else if (!strcmp(path, "/figures")) {
    answer(connection, "200 OK", "%s\n", first_line("figures", line, sizeof line) ? line : "{\"errors\":0,\"p95\":5}");
  } else if (!strcmp(path, "/version")) {
    answer(connection, "200 OK", "%s\n", release);
  } else {
    usleep(1000 * milliseconds("slow-ms", WORK_MS));
    answer(connection, "200 OK", "%s\n", release);
  }
  shutdown(connection, SHUT_WR);
  close(connection);
  atomic_fetch_sub(&answering, 1);
  return NULL;
}

/*
 * Whether it is all there and answered without any work. Hundreds of checks come a second, and a thread for each would cost
 * the machine that plays all hosts more than they do.
 */
static int is_quick(int connection) {
  char request[LONGEST_REQUEST];
  int size = recv(connection, request, sizeof request - 1, MSG_PEEK | MSG_DONTWAIT);
  if (size <= 0) return 0;
  request[size] = 0;
  return strstr(request, "\r\n\r\n") && (!strncmp(request, "GET /is-alive ", 14) || !strncmp(request, "GET /version ", 13));
}

static int listening(const char *address, const char *port) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(port))};
  inet_pton(AF_INET, address, &where.sin_addr);
  int opened = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(opened, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(opened, IPPROTO_TCP, TCP_DEFER_ACCEPT, &on, sizeof on);
  if (bind(opened, (struct sockaddr *)&where, sizeof where) || listen(opened, 512)) {
    perror("listen");
    exit(1);
  }
  return opened;
}

/* Returns in the child, which has nothing left of the session that started it. */
static void go_to_background(void) {
  int lock = open("lock", O_CREAT | O_RDWR, 0644);
  if (lock < 0 || flock(lock, LOCK_EX | LOCK_NB)) {
    fprintf(stderr, "it runs already\n");
    exit(1);
  }
  pid_t child = fork();
  if (child > 0) {
    FILE *file = fopen("pid", "w");
    fprintf(file, "%d\n", child);
    exit(fclose(file));
  }
  setsid();
  int log = open("log", O_CREAT | O_WRONLY | O_APPEND, 0644), nothing = open("/dev/null", O_RDONLY);
  dup2(nothing, 0);
  dup2(log, 1);
  dup2(log, 2);
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  first_line("release", release, sizeof release);
  go_to_background();
  alarm(LONGEST_LIFE_S);
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
  sigaction(SIGHUP, &(struct sigaction){.sa_handler = reread}, NULL);
  signal(SIGPIPE, SIG_IGN);
  usleep(1000 * milliseconds("boot-ms", 0));

  pthread_attr_t small;
  pthread_attr_init(&small);
  pthread_attr_setstacksize(&small, STACK);
  pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
  listener = listening(arguments[1], arguments[2]);
  while (!stopping) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) continue;
    if (rereading) {
      rereading = 0;
      first_line("release", release, sizeof release);
    }
    pthread_t thread;
    atomic_fetch_add(&answering, 1);
    void *argument = (void *)(long)connection;
    if (is_quick(connection) || pthread_create(&thread, &small, serve, argument)) serve(argument);
  }
  close(listener);
  while (atomic_load(&answering) > 0) usleep(1000);
  return 0;
}
