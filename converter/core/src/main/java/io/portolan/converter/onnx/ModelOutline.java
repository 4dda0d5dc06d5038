package io.portolan.converter.onnx;

import ai.onnx.proto.OnnxMl;

/**
 * A model without the elements of its larger constants. The ONNX checker never looks at these elements, but takes seconds to read a
 * hundred megabytes of them; names, types, shapes, nodes and smaller constants are all that it checks.
 */
final class ModelOutline {
    private ModelOutline() {}

    /**
     * The outline of a model.
     *
     * @param file the name of the file of the model, which has to be in the folder of the outline: the checker requires that a file with the
     *     elements exists
     */
    static OnnxMl.ModelProto of(OnnxMl.ModelProto model, String file) {
        OnnxMl.ModelProto.Builder outline = model.toBuilder();
        for (OnnxMl.TensorProto.Builder tensor : outline.getGraphBuilder().getInitializerBuilderList()) {
            if (tensor.getRawData().size() >= ExternalData.SMALLEST) {
                tensor.clearRawData()
                        .setDataLocation(OnnxMl.TensorProto.DataLocation.EXTERNAL)
                        .addExternalData(ExternalData.entry("location", file));
            }
        }
        return outline.build();
    }
}
