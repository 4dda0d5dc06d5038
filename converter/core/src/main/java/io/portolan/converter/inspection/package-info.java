/** What ONNX files, SavedModels and frozen graphs are, for people: read as data, without any runtime. */
package io.portolan.converter.inspection;
