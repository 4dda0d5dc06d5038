/** What the translations of all kinds of source have in common: complex tensors as pairs, functions that ONNX lacks, shapes. */
package io.portolan.converter.lowering;
