/* The functions of this folder, under the names that they are compiled with. */
#ifndef RETICLE_MATH_H
#define RETICLE_MATH_H

#ifdef __cplusplus
extern "C" {
#endif

double reticle_sin(double);
double reticle_cos(double);
double reticle_tan(double);
double reticle_asin(double);
double reticle_acos(double);
double reticle_atan(double);
double reticle_atan2(double y, double x);
double reticle_exp(double);
double reticle_log(double);
double reticle_log2(double);
double reticle_log10(double);
double reticle_pow(double, double);

#ifdef __cplusplus
}
#endif

#endif
