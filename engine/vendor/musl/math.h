/* What the sources here need of <math.h>, and nothing else: the platform's own declares names that they use. */
#ifndef RETICLE_MUSL_MATH_H
#define RETICLE_MUSL_MATH_H

typedef float float_t;
typedef double double_t;

#define NAN __builtin_nanf("")
#define INFINITY __builtin_inff()
#define isnan(x) __builtin_isnan(x)
#define isinf(x) __builtin_isinf(x)
#define signbit(x) __builtin_signbit(x)
#define fabs(x) __builtin_fabs(x)
#define sqrt(x) __builtin_sqrt(x)
#define floor(x) __builtin_floor(x)

double sin(double), cos(double), tan(double), asin(double), acos(double), atan(double),
    atan2(double, double);
double exp(double), log(double), log2(double), log10(double), pow(double, double),
    scalbn(double, int);

#endif
