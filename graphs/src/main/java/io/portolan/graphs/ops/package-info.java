/**
 * Operations that TensorFlow lacks or has no gradient for: Fourier transforms, associative scans, log-space arithmetic,
 * and complex numbers as pairs.
 */
package io.portolan.graphs.ops;
