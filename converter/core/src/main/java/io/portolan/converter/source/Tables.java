package io.portolan.converter.source;

import com.google.protobuf.ByteString;
import io.portolan.converter.ir.TensorData;
import io.portolan.converter.lowering.ConversionException;
import io.portolan.converter.tensorflow.ConstantNodes;
import io.portolan.converter.tensorflow.TableNode;
import io.portolan.converter.verify.TensorRuns;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Session;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.NodeDef;
import org.tensorflow.proto.TensorProto;

/** Reads what lookup tables hold, and writes it to the nodes that create them. */
final class Tables {
    private Tables() {}

    /**
     * A graph whose tables hold what they do in a session; tables of types that are not converted stay as they are.
     *
     * @throws ConversionException if a table is not initialised
     */
    static GraphDef frozen(GraphDef graph, Session session) {
        GraphDef.Builder frozen = graph.toBuilder();
        for (NodeDef.Builder node : frozen.getNodeBuilderList()) {
            if (TableNode.isReadable(node.build())) {
                List<TensorData> contents = contents(node, session);
                node.putAttr(TableNode.KEYS, attribute(type(node, TableNode.KEY_TYPE), contents.get(0)));
                node.putAttr(TableNode.VALUES, attribute(type(node, TableNode.VALUE_TYPE), contents.get(1)));
            }
        }
        return frozen.build();
    }

    private static DataType type(NodeDef.Builder node, String attribute) {
        return node.getAttrOrThrow(attribute).getType();
    }

    /** The keys and the values, by an op that is added to the session's graph. */
    private static List<TensorData> contents(NodeDef.Builder node, Session session) {
        GraphOperation table = session.graph().operationOrThrow(node.getName());
        String export = session.graph()
                .baseScope()
                .opBuilder("LookupTableExportV2", "portolan_table")
                .addInput(table.output(0))
                .setAttr("Tkeys", type(node, TableNode.KEY_TYPE))
                .setAttr("Tvalues", type(node, TableNode.VALUE_TYPE))
                .build()
                .name();
        try {
            return TensorRuns.tensorFlow(session, List.of(export + ":0", export + ":1"), Map.of());
        } catch (RuntimeException failure) {
            // TensorFlow's exceptions have no common superclass.
            throw new ConversionException(
                    "The table " + node.getName() + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static AttrValue attribute(DataType type, TensorData data) {
        TensorProto.Builder tensor =
                TensorProto.newBuilder().setDtype(type).setTensorShape(ConstantNodes.shape(data.shape()));
        if (type == DataType.DT_STRING) {
            data.texts().forEach(text -> tensor.addStringVal(ByteString.copyFromUtf8(text)));
        } else {
            tensor.setTensorContent(ByteString.copyFrom(data.bytes()));
        }
        return AttrValue.newBuilder().setTensor(tensor).build();
    }
}
