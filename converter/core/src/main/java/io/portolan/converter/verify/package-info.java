/**
 * The comparison of an ONNX model with the TensorFlow graph that it was made of, and what float32 resolves of it.
 */
package io.portolan.converter.verify;
