/*
 * act drain|test|ready <server>: what is done from here for a host, the same for everybody who rolls by commands.
 *
 *   drain  no new sessions; when the last one has ended, maintenance
 *   test   until the self test passes; then the release that it says it runs must be $RELEASE
 *   ready  back into traffic, until the balancer has seen it up by a check of its own
 *
 * Compiled, so that nobody pays for an interpreter. $SOCKET is haproxy's runtime API, $PORT the application's.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { PACE_MS = 10, LONGEST_MS = 30000, ANSWER = 1 << 18 };

/* Columns of `show stat`: new versions add theirs at the end. */
enum { QUEUED = 2, SESSIONS = 4, STATUS = 17, CHECK = 36, COLUMNS = 37 };

static char answer[ANSWER];

static void fail(const char *what, const char *of) {
  fprintf(stderr, "act: %s %s\n", what, of);
  exit(1);
}

static const char *given(const char *name) {
  const char *value = getenv(name);
  if (!value) fail("is not told", name);
  return value;
}

static void pause_for(int ms) { nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL); }

/* Everything that is said until the other side closes; false where nobody is there. */
static int converse(int family, const void *where, int size, const char *request) {
  int got, length = 0, opened = socket(family, SOCK_STREAM, 0);
  struct timeval patience = {.tv_sec = 5};
  setsockopt(opened, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  int there = !connect(opened, where, size) && write(opened, request, strlen(request)) > 0;
  while (there && length < ANSWER - 1 && (got = read(opened, answer + length, ANSWER - 1 - length)) > 0) length += got;
  answer[length] = 0;
  close(opened);
  return there && length > 0;
}

static void say(const char *command) {
  struct sockaddr_un where = {.sun_family = AF_UNIX};
  strncpy(where.sun_path, given("SOCKET"), sizeof where.sun_path - 1);
  if (!converse(AF_UNIX, &where, sizeof where, command)) fail("haproxy does not answer", command);
}

static void set(const char *server, const char *state) {
  char command[256];
  snprintf(command, sizeof command, "set server web/%s state %s\n", server, state);
  say(command);
  if (strcmp(answer, "\n")) fail(command, answer);
}

/* Divides the server's row into its first columns, in place. */
static void look(const char *server, char *cells[COLUMNS]) {
  char start[128];
  snprintf(start, sizeof start, "\nweb,%s,", server);
  say("show stat web 4 -1\n");
  char *row = strstr(answer, start);
  if (!row++) fail("haproxy has no", server);
  for (int column = 0; column < COLUMNS; column++) cells[column] = strsep(&row, ",");
}

static int is_idle(const char *server) {
  char *cells[COLUMNS];
  look(server, cells);
  return atoi(cells[QUEUED]) + atoi(cells[SESSIONS]) == 0;
}

static int is_seen_up(const char *server) {
  char *cells[COLUMNS];
  look(server, cells);
  return !strcmp(cells[STATUS], "UP") && (!strcmp(cells[CHECK], "L7OK") || !strcmp(cells[CHECK], "* L7OK"));
}

/* The host of `web-7` is at 127.0.1.7. */
static int answers(const char *server, const char *path) {
  struct sockaddr_in where = {.sin_family = AF_INET, .sin_port = htons(atoi(given("PORT")))};
  char address[32], request[128];
  snprintf(address, sizeof address, "127.0.1.%d", atoi(strrchr(server, '-') + 1));
  snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nhost: %s\r\nconnection: close\r\n\r\n", path, address);
  inet_pton(AF_INET, address, &where.sin_addr);
  return converse(AF_INET, &where, sizeof where, request) && !strncmp(answer, "HTTP/1.1 200 ", 13);
}

static int passes(const char *server) { return answers(server, "/self-test"); }

static void await(int (*done)(const char *), const char *server, const char *what) {
  for (int waited = 0; !done(server); waited += PACE_MS) {
    if (waited > LONGEST_MS) fail(what, server);
    pause_for(PACE_MS);
  }
}

int main(int count, char **arguments) {
  if (count != 3 || !strrchr(arguments[2], '-')) return 2;
  const char *server = arguments[2];
  if (!strcmp(arguments[1], "drain")) {
    set(server, "drain");
    await(is_idle, server, "sessions do not end at");
    set(server, "maint");
    await(is_idle, server, "sessions do not end at");
  } else if (!strcmp(arguments[1], "test")) {
    await(passes, server, "no self test passes at");
    const char *body = answers(server, "/version") ? strstr(answer, "\r\n\r\n") : NULL;
    const char *release = given("RELEASE");
    size_t length = strlen(release);
    if (!body || strncmp(body + 4, release, length) || body[4 + length] != '\n') fail("the wrong release runs at", server);
  } else if (!strcmp(arguments[1], "ready")) {
    set(server, "ready");
    await(is_seen_up, server, "haproxy does not see up");
  } else return 2;
  return 0;
}
