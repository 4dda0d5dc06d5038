/** Writing of graphs as ONNX files, and their validation by the ONNX checker. */
package io.portolan.converter.onnx;
