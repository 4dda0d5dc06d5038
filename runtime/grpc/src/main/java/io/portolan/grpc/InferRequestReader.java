package io.portolan.grpc;

import com.google.protobuf.CodedInputStream;
import io.portolan.runtime.ElementType;
import io.portolan.runtime.OnnxModel;
import io.portolan.runtime.Tensor;
import io.portolan.server.HttpError;
import io.portolan.server.InferenceRequest;
import io.portolan.server.InferenceRequestBuilder;
import io.portolan.server.InferenceService;
import io.portolan.server.RawTensor;
import io.portolan.server.ServedModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Reads {@code ModelInferRequest}. The fields may be in any order, so that it is read twice: for what the request is of,
 * and, when the number of its parts is known to be the model's, for those.
 */
final class InferRequestReader {
    private static final int MODEL_NAME = 1 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int MODEL_VERSION = 2 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int ID = 3 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int PARAMETERS = 4 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int INPUTS = 5 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int OUTPUTS = 6 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int RAW = 7 << WireFields.NUMBER | WireFields.LENGTH;

    private static final int NAME = 1 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int DATATYPE = 2 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int SHAPE = 3 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int DIMENSION = 3 << WireFields.NUMBER | WireFields.VARINT;
    private static final int INPUT_PARAMETERS = 4 << WireFields.NUMBER | WireFields.LENGTH;
    private static final int CONTENTS = 5 << WireFields.NUMBER | WireFields.LENGTH;

    private static final int OUTPUT_PARAMETERS = 2 << WireFields.NUMBER | WireFields.LENGTH;

    /** The key of an entry of a map. */
    private static final int KEY = 1 << WireFields.NUMBER | WireFields.LENGTH;

    private final ByteBuffer message;
    private String modelName = "";
    private String modelVersion = "";
    private String id = "";
    private int inputCount;
    private int rawCount;

    private InferRequestReader(ByteBuffer message) {
        this.message = message;
    }

    /** A request and the model that it is for. */
    record ModelRequest(ServedModel model, InferenceRequest request) {}

    /**
     * Reads a request; its outputs are wanted as binary data if its inputs are, or if there are none.
     *
     * @throws HttpError if it is not valid for a model of the service
     */
    static ModelRequest read(InferenceService service, ByteBuffer message) {
        return new InferRequestReader(message).read(service);
    }

    private ModelRequest read(InferenceService service) {
        WireFields.each(message, this::outline);
        ServedModel model = service.model(modelName, modelVersion);
        requireCounts(model.model());
        InferenceRequestBuilder request = model.request();
        List<ByteBuffer> inputs = new ArrayList<>();
        List<ByteBuffer> raw = new ArrayList<>();
        WireFields.each(message, (tag, in) -> {
            switch (tag) {
                case INPUTS -> inputs.add(WireFields.slice(in));
                case OUTPUTS -> output(request, WireFields.slice(in));
                case RAW -> raw.add(WireFields.slice(in));
                default -> {
                    return false;
                }
            }
            return true;
        });
        for (int i = 0; i < inputs.size(); i++) {
            input(request, inputs.get(i), raw.isEmpty() ? null : raw.get(i));
        }
        boolean isBinary = !raw.isEmpty() || inputs.isEmpty();
        return new ModelRequest(model, request.build(id.isEmpty() ? null : id, isBinary));
    }

    private boolean outline(int tag, CodedInputStream in) throws IOException {
        switch (tag) {
            case MODEL_NAME -> modelName = in.readStringRequireUtf8();
            case MODEL_VERSION -> modelVersion = in.readStringRequireUtf8();
            case ID -> id = in.readStringRequireUtf8();
            case PARAMETERS -> parameter(WireFields.slice(in));
            case INPUTS -> {
                inputCount++;
                return false;
            }
            case RAW -> {
                rawCount++;
                return false;
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private void requireCounts(OnnxModel model) {
        if (inputCount > model.inputs().size() + model.optionalInputs().size()) {
            throw HttpError.badRequest("there are " + inputCount + " inputs; the model takes "
                    + model.inputs().keySet());
        }
        if (rawCount > 0 && rawCount != inputCount) {
            throw HttpError.badRequest("raw_input_contents has " + rawCount + " entries for " + inputCount
                    + " inputs; send one for each, or none");
        }
    }

    private static void parameter(ByteBuffer entry) {
        WireFields.each(entry, (tag, in) -> {
            if (tag != KEY) {
                return false;
            }
            InferenceRequestBuilder.requireSupported(in.readStringRequireUtf8());
            return true;
        });
    }

    private static void output(InferenceRequestBuilder request, ByteBuffer message) {
        String[] name = {""};
        WireFields.each(message, (tag, in) -> {
            switch (tag) {
                case NAME -> name[0] = in.readStringRequireUtf8();
                case OUTPUT_PARAMETERS -> parameter(WireFields.slice(in));
                default -> {
                    return false;
                }
            }
            return true;
        });
        request.output(name[0], null);
    }

    /** @param raw the input's bytes; null if its elements are in its contents */
    private static void input(InferenceRequestBuilder request, ByteBuffer message, ByteBuffer raw) {
        Description description = Description.read(message);
        ElementType type = request.requireInput(description.name, description.datatype, description.shape);
        if (raw != null && description.contentBytes != Description.ABSENT) {
            throw HttpError.badRequest(
                    "input '" + description.name + "' has both contents and raw_input_contents; send one");
        }
        Tensor tensor = raw != null
                ? RawTensor.read(description.name, type, description.shape, raw)
                : TensorContents.read(
                        description.name,
                        type,
                        description.shape,
                        message,
                        CONTENTS,
                        Math.max(0, description.contentBytes));
        request.input(description.name, tensor);
    }

    /** An input without its elements. */
    private static final class Description {
        static final int ABSENT = -1;

        private String name = "";
        private String datatype = "";
        private final LongStream.Builder dimensions = LongStream.builder();
        private int rank;
        private long[] shape;
        private int contentBytes = ABSENT;

        static Description read(ByteBuffer message) {
            Description description = new Description();
            WireFields.each(message, description::field);
            description.shape = description.dimensions.build().toArray();
            return description;
        }

        private boolean field(int tag, CodedInputStream in) throws IOException {
            switch (tag) {
                case NAME -> name = in.readStringRequireUtf8();
                case DATATYPE -> datatype = in.readStringRequireUtf8();
                case DIMENSION -> dimension(in);
                case SHAPE -> {
                    int outer = in.pushLimit(in.readRawVarint32());
                    while (!in.isAtEnd()) {
                        dimension(in);
                    }
                    in.popLimit(outer);
                }
                case INPUT_PARAMETERS -> parameter(WireFields.slice(in));
                case CONTENTS ->
                    contentBytes =
                            Math.max(0, contentBytes) + WireFields.slice(in).remaining();
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void dimension(CodedInputStream in) throws IOException {
            long size = in.readInt64();
            InferenceRequestBuilder.requireDimension(++rank, size);
            dimensions.add(size);
        }
    }
}
