/**
 * A checkpoint to an ONNX file that is proven to compute what the checkpoint computes.
 */
package io.portolan.exporter;
