/** Rewrites of a program before it is lowered: they see operations of StableHLO, with their static types, rather than nodes of ONNX. */
package io.portolan.converter.stablehlo.rewrites;
