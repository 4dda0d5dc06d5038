/**
 * Export of a checkpoint as an ONNX file that is verified to compute the same as the reference.
 */
package io.portolan.exporter;
