// A program in C: names, threads, mathematics, and certificates as OpenSSL finds them.
#include <dlfcn.h>
#include <grp.h>
#include <iconv.h>
#include <math.h>
#include <netdb.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *root_of(void *number) {
  static double found;
  found = sqrt(*(double *)number);
  return &found;
}

// What libssl gives programs, found at run time: this file needs no header of it.
static int certificates(void) {
  void *ssl = dlopen("libssl.so.3", RTLD_NOW), *crypto = dlopen("libcrypto.so.3", RTLD_NOW);
  if (!ssl || !crypto) return -1;
  void *(*method)(void) = (void *(*)(void))dlsym(ssl, "TLS_client_method");
  void *(*make)(void *) = (void *(*)(void *))dlsym(ssl, "SSL_CTX_new");
  int (*load)(void *) = (int (*)(void *))dlsym(ssl, "SSL_CTX_set_default_verify_paths");
  void *(*store)(void *) = (void *(*)(void *))dlsym(ssl, "SSL_CTX_get_cert_store");
  void *(*objects)(void *) = (void *(*)(void *))dlsym(crypto, "X509_STORE_get0_objects");
  int (*number)(void *) = (int (*)(void *))dlsym(crypto, "OPENSSL_sk_num");
  void *context = make(method());
  return load(context) == 1 ? number(objects(store(context))) : -2;
}

int main(int count, char **words) {
  printf("uid %d\n", (int)getpwnam("nonroot")->pw_uid);
  printf("gid %d\n", (int)getgrnam("nonroot")->gr_gid);
  printf("https %d\n", ntohs(getservbyname("https", "tcp")->s_port));
  printf("udp %d\n", getprotobyname("udp")->p_proto);
  double number = 1764;
  pthread_t thread;
  void *result;
  if (pthread_create(&thread, NULL, root_of, &number) || pthread_join(thread, &result)) return 1;
  printf("root %g\n", *(double *)result);
  iconv_t wide = iconv_open("UCS-4LE", "UTF-8");
  printf("iconv %d\n", wide != (iconv_t)-1);
  setenv("TZ", "US/Eastern", 1);
  time_t summer = 1752580800;  // 2025-07-15T12:00:00Z
  printf("hour %d\n", localtime(&summer)->tm_hour);
  printf("certificates %d\n", certificates());
  for (int i = 1; i < count; i++) printf("library %s %d\n", words[i], dlopen(words[i], RTLD_NOW) != NULL);
  return 0;
}
