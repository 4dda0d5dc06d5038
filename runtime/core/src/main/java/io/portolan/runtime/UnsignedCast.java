package io.portolan.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.util.EnumMap;
import java.util.Map;

/**
 * Makes unsigned tensors, for which ONNX Runtime's Java interface has no constructor, from signed ones with the same
 * bits, by running a model that consists of one {@code Cast}.
 */
final class UnsignedCast {
    /** The numbers of ONNX's {@code TensorProto.DataType}: signed first, unsigned second. */
    private static final Map<ElementType, int[]> CASTS = new EnumMap<>(Map.of(
            ElementType.UINT16, new int[] {5, 4},
            ElementType.UINT32, new int[] {6, 12},
            ElementType.UINT64, new int[] {7, 13}));

    private static final int IR_VERSION = 8;
    private static final int OPSET = 17;
    private static final int INT_ATTRIBUTE = 2;

    private static final Map<ElementType, OrtSession> SESSIONS = new EnumMap<>(ElementType.class);

    private UnsignedCast() {}

    /** Converts a signed tensor, which is closed, to an unsigned one. */
    static OnnxTensor consume(OnnxTensor signed, ElementType type) throws OrtException {
        try (signed) {
            // The result is not closed, because that would close its tensor too.
            return (OnnxTensor) session(type).run(Map.of("signed", signed)).get(0);
        }
    }

    /** Sessions live as long as the process, like the environment. */
    private static OrtSession session(ElementType type) {
        synchronized (SESSIONS) {
            return SESSIONS.computeIfAbsent(
                    type,
                    wanted -> OrtSessions.open(
                            "cast to " + wanted,
                            RuntimeOptions.defaults().withThreads(1),
                            (environment, options) -> environment.createSession(model(CASTS.get(wanted)), options)));
        }
    }

    private static byte[] model(int... cast) {
        WireMessage attribute =
                new WireMessage().text(1, "to").number(3, cast[1]).number(20, INT_ATTRIBUTE);
        WireMessage node = new WireMessage()
                .text(1, "signed")
                .text(2, "unsigned")
                .text(4, "Cast")
                .message(5, attribute);
        WireMessage graph = new WireMessage()
                .message(1, node)
                .text(2, "cast")
                .message(11, value("signed", cast[0]))
                .message(12, value("unsigned", cast[1]));
        return new WireMessage()
                .number(1, IR_VERSION)
                .message(7, graph)
                .message(8, new WireMessage().number(2, OPSET))
                .bytes();
    }

    /** A value of any rank. */
    private static WireMessage value(String name, int dataType) {
        return new WireMessage()
                .text(1, name)
                .message(2, new WireMessage().message(1, new WireMessage().number(1, dataType)));
    }
}
