/* Large enough that UPX takes it on, and with something to unpack. */
#include <stdio.h>

#define ROW(x) (x), (x) + 1, (x) * 3, (x) ^ 5, (x) << 2, 7, 7, 7
#define BLOCK(x) ROW(x), ROW((x) + 8), ROW((x) + 16), ROW((x) + 24), ROW((x) + 32), ROW((x) + 40), ROW((x) + 48), ROW((x) + 56)
#define TABLE(x) BLOCK(x), BLOCK((x) + 64), BLOCK((x) + 128), BLOCK((x) + 192), BLOCK((x) + 256), BLOCK((x) + 320), BLOCK((x) + 384)

static const unsigned table[] = {
    TABLE(0), TABLE(512), TABLE(1024), TABLE(1536), TABLE(2048), TABLE(2560), TABLE(3072), TABLE(3584),
    TABLE(4096), TABLE(4608), TABLE(5120), TABLE(5632), TABLE(6144), TABLE(6656), TABLE(7168), TABLE(7680),
    TABLE(8192), TABLE(8704), TABLE(9216), TABLE(9728), TABLE(10240), TABLE(10752), TABLE(11264), TABLE(11776),
};

int main(int argc, char **argv) {
    unsigned sum = 0;
    (void)argv;
    for (unsigned at = 0; at < sizeof table / sizeof *table; at++) sum = sum * 31 + table[at] * (unsigned)argc;
    printf("%u\n", sum);
    return 0;
}
