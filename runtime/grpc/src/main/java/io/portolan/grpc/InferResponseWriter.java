package io.portolan.grpc;

import com.google.protobuf.CodedOutputStream;
import io.portolan.runtime.Tensor;
import io.portolan.server.AnswerText;
import io.portolan.server.Datatype;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceRequest;
import io.portolan.server.ServedModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Writes {@code ModelInferResponse}. */
final class InferResponseWriter {
    private static final int MODEL_NAME = 1;
    private static final int MODEL_VERSION = 2;
    private static final int ID = 3;
    private static final int OUTPUTS = 5;
    private static final int RAW = 6;

    private static final int CONTENTS = 5;

    private InferResponseWriter() {}

    /**
     * Writes an answer. All outputs are raw if one is wanted so, or if a type has no field in the contents.
     *
     * @param computed all outputs of the model, of which the requested ones are sent
     * @param answer where it is written to
     * @throws HttpError if the answer exceeds the limit
     */
    static void write(ServedModel model, InferenceRequest request, Map<String, Tensor> computed, AnswerText answer) {
        Map<String, Tensor> outputs = new LinkedHashMap<>();
        request.outputs().keySet().forEach(output -> outputs.put(output, computed.get(output)));
        boolean isRaw = request.outputs().containsValue(true)
                || outputs.values().stream().anyMatch(tensor -> !TensorContents.holds(tensor.type()));
        CodedOutputStream out = CodedOutputStream.newInstance(answer);
        try {
            out.writeString(MODEL_NAME, model.name());
            out.writeString(MODEL_VERSION, ServedModel.VERSION);
            if (request.id() != null) {
                out.writeString(ID, request.id());
            }
            for (Map.Entry<String, Tensor> output : outputs.entrySet()) {
                output(output.getKey(), output.getValue(), isRaw, out, answer);
            }
            out.flush();
            if (isRaw) {
                for (Tensor tensor : outputs.values()) {
                    out.writeTag(RAW, WireFields.LENGTH);
                    out.writeUInt32NoTag(tensor.data().remaining());
                    out.flush();
                    answer.put(tensor.data());
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static void output(String name, Tensor tensor, boolean isRaw, CodedOutputStream out, AnswerText answer)
            throws IOException {
        byte[] description = description(name, tensor);
        out.writeTag(OUTPUTS, WireFields.LENGTH);
        if (isRaw) {
            out.writeUInt32NoTag(description.length);
            out.writeRawBytes(description);
            return;
        }
        long contents = TensorContents.size(tensor);
        long size = description.length
                + CodedOutputStream.computeTagSize(CONTENTS)
                + CodedOutputStream.computeUInt64SizeNoTag(contents)
                + contents;
        answer.require(size);
        out.writeUInt64NoTag(size);
        out.writeRawBytes(description);
        out.writeTag(CONTENTS, WireFields.LENGTH);
        out.writeUInt64NoTag(contents);
        TensorContents.write(tensor, out);
    }

    private static byte[] description(String name, Tensor tensor) {
        return Messages.bytes(
                out -> InferenceMethods.describe(name, Datatype.name(tensor.type()), out, tensor.shape()));
    }
}
