package io.portolan.converter.tensorflow;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import io.portolan.converter.ir.OnnxType;
import io.portolan.converter.ir.TensorData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;
import org.tensorflow.proto.TensorShapeProto;

/** Decodes the constants of a graph from both forms that TensorFlow writes. */
final class TensorProtos {
    /** Writes the element at an index of one of the typed lists to a buffer. */
    private interface ElementWriter {
        void put(ByteBuffer target, int index);
    }

    private static final Set<DataType> WHOLE = Set.of(DataType.DT_INT32, DataType.DT_INT64, DataType.DT_BOOL);

    private static final int MOST_REPEATED = 1 << 20;

    private TensorProtos() {}

    /** A tensor of real numbers, integers, booleans or texts. */
    static TensorData real(TensorProto proto) {
        if (proto.getDtype() == DataType.DT_STRING) {
            return texts(proto);
        }
        return new TensorData(TensorFlowTypes.element(proto.getDtype()), shape(proto), elements(proto, 1));
    }

    /** The real (0) or imaginary (1) part of a tensor of complex numbers. */
    static TensorData part(TensorProto proto, int part) {
        OnnxType type = TensorFlowTypes.element(proto.getDtype());
        ByteBuffer pairs = elements(proto, 2);
        ByteBuffer half = ByteBuffer.allocate(pairs.remaining() / 2);
        int bytes = type.bytes();
        for (int at = part * bytes; at < pairs.limit(); at += 2 * bytes) {
            half.put(pairs.slice(at, bytes));
        }
        return new TensorData(type, shape(proto), half.flip());
    }

    /** Texts in UTF-8, which ONNX requires. The last one is repeated; without any, all are empty. */
    private static TensorData texts(TensorProto proto) {
        long[] shape = shape(proto);
        List<String> texts = new ArrayList<>();
        for (ByteString text : proto.getTensorContent().isEmpty() ? proto.getStringValList() : packed(proto)) {
            if (!text.isValidUtf8()) {
                throw new IllegalArgumentException("expected texts in UTF-8, got other bytes");
            }
            texts.add(text.toStringUtf8());
        }
        int count = count(proto, 1, Integer.BYTES);
        if (count - texts.size() > MOST_REPEATED) {
            throw new IllegalArgumentException("expected at most " + MOST_REPEATED
                    + " repetitions of a text, got the shape " + Arrays.toString(shape));
        }
        String last = texts.isEmpty() ? "" : texts.get(texts.size() - 1);
        while (texts.size() < count) {
            texts.add(last);
        }
        return TensorData.ofTexts(texts, shape);
    }

    /** Texts in one piece: the lengths of all, then the bytes of all. */
    private static List<ByteString> packed(TensorProto proto) {
        CodedInputStream content = proto.getTensorContent().newCodedInput();
        int count = count(proto, 1, Integer.BYTES);
        List<ByteString> texts = new ArrayList<>();
        try {
            List<Integer> lengths = new ArrayList<>();
            while (lengths.size() < count) {
                lengths.add(content.readRawVarint32());
            }
            for (int length : lengths) {
                texts.add(ByteString.copyFrom(content.readRawBytes(length)));
            }
            if (content.isAtEnd()) {
                return texts;
            }
        } catch (IOException endsEarly) {
            throw new IllegalArgumentException(
                    "expected " + count + " texts, got a constant that is too short", endsEarly);
        }
        throw new IllegalArgumentException("expected " + count + " texts, got a constant that is too long");
    }

    private static long[] shape(TensorProto proto) {
        return proto.getTensorShape().getDimList().stream()
                .mapToLong(TensorShapeProto.Dim::getSize)
                .toArray();
    }

    /** Little-endian numbers, {@code perElement} of them for each element. */
    private static ByteBuffer elements(TensorProto proto, int perElement) {
        if (!proto.getTensorContent().isEmpty()) {
            return proto.getTensorContent().asReadOnlyByteBuffer();
        }
        OnnxType type = TensorFlowTypes.element(proto.getDtype());
        int count = count(proto, perElement, type.bytes());
        ByteBuffer buffer = ByteBuffer.allocate(count * type.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        int given = given(proto);
        // A list may be shorter than the tensor: its last element is repeated; an empty list means zeros.
        ElementWriter writer = writer(proto);
        for (int i = 0; i < count && given > 0; i++) {
            writer.put(buffer, i < given ? i : given - perElement + i % perElement);
        }
        return buffer.rewind();
    }

    /** How many numbers a constant has; one buffer must hold them all. */
    private static int count(TensorProto proto, int perElement, int bytes) {
        long count = perElement;
        for (long size : shape(proto)) {
            if (size < 0 || size > 0 && count > Integer.MAX_VALUE / bytes / size) {
                throw new IllegalArgumentException(
                        "expected a constant of less than 2 GB, got one of the shape " + Arrays.toString(shape(proto)));
            }
            count *= size;
        }
        return (int) count;
    }

    /** The number that a node is; empty if it is no constant, or one of another shape or of other elements. */
    static OptionalLong scalar(NodeDef node) {
        TensorProto proto =
                node.getAttrOrDefault("value", AttrValue.getDefaultInstance()).getTensor();
        boolean isScalar = node.getOp().equals("Const") && WHOLE.contains(proto.getDtype()) && shape(proto).length == 0;
        return isScalar ? OptionalLong.of(real(proto).longAt(0)) : OptionalLong.empty();
    }

    private static int given(TensorProto proto) {
        return switch (proto.getDtype()) {
            case DT_FLOAT -> proto.getFloatValCount();
            case DT_DOUBLE -> proto.getDoubleValCount();
            case DT_INT64 -> proto.getInt64ValCount();
            case DT_BOOL -> proto.getBoolValCount();
            case DT_HALF, DT_BFLOAT16 -> proto.getHalfValCount();
            case DT_UINT32 -> proto.getUint32ValCount();
            case DT_UINT64 -> proto.getUint64ValCount();
            case DT_COMPLEX64 -> proto.getScomplexValCount();
            case DT_COMPLEX128 -> proto.getDcomplexValCount();
            default -> proto.getIntValCount();
        };
    }

    private static ElementWriter writer(TensorProto proto) {
        return switch (proto.getDtype()) {
            case DT_FLOAT -> (target, i) -> target.putFloat(proto.getFloatVal(i));
            case DT_DOUBLE -> (target, i) -> target.putDouble(proto.getDoubleVal(i));
            case DT_INT64 -> (target, i) -> target.putLong(proto.getInt64Val(i));
            case DT_BOOL -> (target, i) -> target.put((byte) (proto.getBoolVal(i) ? 1 : 0));
            case DT_HALF, DT_BFLOAT16 -> (target, i) -> target.putShort((short) proto.getHalfVal(i));
            case DT_UINT32 -> (target, i) -> target.putInt(proto.getUint32Val(i));
            case DT_UINT64 -> (target, i) -> target.putLong(proto.getUint64Val(i));
            case DT_COMPLEX64 -> (target, i) -> target.putFloat(proto.getScomplexVal(i));
            case DT_COMPLEX128 -> (target, i) -> target.putDouble(proto.getDcomplexVal(i));
            case DT_INT32, DT_QINT32 -> (target, i) -> target.putInt(proto.getIntVal(i));
            case DT_INT16, DT_UINT16, DT_QINT16, DT_QUINT16 ->
                (target, i) -> target.putShort((short) proto.getIntVal(i));
            default -> (target, i) -> target.put((byte) proto.getIntVal(i));
        };
    }
}
