/**
 * Fourier transforms written as products with constant matrices, or as ONNX's own operator.
 */
package io.portolan.converter.passes.fourier;
