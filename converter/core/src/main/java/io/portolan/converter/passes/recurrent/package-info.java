/** Recognises loops over sequences that are recurrent layers, whichever framework wrote them, and writes them as ONNX's own layers. */
package io.portolan.converter.passes.recurrent;
