/**
 * The comparison of an ONNX model with the TensorFlow graph that it was converted from, and the measurement of float32's resolution.
 */
package io.portolan.converter.verify;
