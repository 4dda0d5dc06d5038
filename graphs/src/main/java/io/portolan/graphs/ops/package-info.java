/**
 * Operations that TensorFlow lacks or has no gradient for: Fourier transforms, associative scans, arithmetic in log space, complex numbers
 * as pairs.
 */
package io.portolan.graphs.ops;
