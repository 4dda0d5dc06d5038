/** The edge where graphs become ONNX files, and where ONNX's own checker looks at them. */
package io.portolan.converter.onnx;
