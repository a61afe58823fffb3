// A static program finds time zones, users and certificates, and may write to /tmp.
#define _GNU_SOURCE
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void zone(const char *name) {
  char text[64];
  time_t summer = 1752580800;  // 2025-07-15T12:00:00Z
  setenv("TZ", name, 1);
  tzset();
  strftime(text, sizeof text, "%H:%M %Z", localtime(&summer));
  printf("%s %s\n", name, text);
}

int main(void) {
  zone("America/New_York");
  zone("US/Eastern");
  zone("UTC");
  FILE *users = fopen("/etc/passwd", "r");
  for (struct passwd *user; users && (user = fgetpwent(users));) printf("%s %d\n", user->pw_name, (int)user->pw_uid);
  FILE *bundle = fopen(getenv("SSL_CERT_FILE"), "r");
  char line[256];
  int count = 0;
  while (bundle && fgets(line, sizeof line, bundle)) count += !strcmp(line, "-----BEGIN CERTIFICATE-----\n");
  printf("certificates %d\n", count);
  FILE *scratch = fopen("/var/run/../tmp/scratch", "w");
  if (!scratch || fputs("x", scratch) < 0 || fclose(scratch)) return 1;
  return 0;
}
