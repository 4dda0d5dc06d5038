/** Imports programs in StableHLO as ONNX graphs: bindings of arguments, control flow, and the registry of lowered operations. */
package io.portolan.converter.stablehlo;
