package io.portolan.converter.tensorflow;

import com.google.protobuf.ByteString;
import io.portolan.converter.ir.TensorData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.NodeDef;

/**
 * Makes one dilated convolution of what TensorFlow 1 wrote for it: the map is cut into interleaved pieces, which become a batch
 * ({@code SpaceToBatchND}), convolved without padding, and put together again ({@code BatchToSpaceND}). The interleaving is the dilation, and
 * what is cropped at the end was padded at the start.
 */
final class DilatedConvolutions {
    private static final Set<String> CONVOLUTIONS = Set.of("Conv2D", "DepthwiseConv2dNative");
    private static final List<Long> ONES = List.of(1L, 1L, 1L, 1L);

    private final Map<String, NodeDef> nodes;
    private final Map<String, Integer> readers = new HashMap<>();
    private final Set<String> replaced = new HashSet<>();

    private DilatedConvolutions(FlatGraph graph) {
        this.nodes = graph.nodes();
        graph.results().forEach(result -> readers.merge(result.node(), 1, Integer::sum));
        nodes.values().forEach(node -> Edges.of(node).forEach(input -> readers.merge(input.node(), 1, Integer::sum)));
    }

    /** The same graph, where such nodes are one. */
    static FlatGraph merged(FlatGraph graph) {
        DilatedConvolutions convolutions = new DilatedConvolutions(graph);
        Map<String, NodeDef> merged = new LinkedHashMap<>();
        graph.nodes()
                .forEach((name, node) ->
                        merged.put(name, convolutions.dilated(node).orElse(node)));
        merged.keySet().removeIf(convolutions::isReplaced);
        return new FlatGraph(merged, graph.results());
    }

    /** Whether all that read a node were merged with it. */
    private boolean isReplaced(String name) {
        return replaced.contains(name) && readers.get(name) == 0;
    }

    private void replace(NodeDef convolution, NodeDef cut) {
        replaced.add(convolution.getName());
        replaced.add(cut.getName());
        readers.merge(convolution.getName(), -1, Integer::sum);
        if (isReplaced(convolution.getName())) {
            readers.merge(cut.getName(), -1, Integer::sum);
        }
    }

    /** The convolution in place of the node that puts its pieces together. */
    private Optional<NodeDef> dilated(NodeDef join) {
        if (!join.getOp().equals("BatchToSpaceND")) {
            return Optional.empty();
        }
        Optional<NodeDef> convolution = input(join, 0).filter(DilatedConvolutions::isPlain);
        Optional<NodeDef> cut = convolution
                .flatMap(found -> input(found, 0))
                .filter(found -> found.getOp().equals("SpaceToBatchND"));
        Optional<List<Long>> blocks = integers(join, 1).filter(sizes -> sizes.size() == 2);
        if (cut.isEmpty() || blocks.isEmpty() || !blocks.equals(integers(cut.get(), 1))) {
            return Optional.empty();
        }
        Optional<List<Long>> crops = integers(join, 2).filter(edges -> edges.size() == 4);
        return integers(cut.get(), 2)
                .filter(edges -> edges.size() == 4)
                .flatMap(paddings -> crops.map(cropped -> IntStream.range(0, paddings.size())
                        .mapToObj(i -> paddings.get(i) - cropped.get(i))
                        .toList()))
                .filter(paddings -> paddings.stream().allMatch(padding -> padding >= 0))
                .map(paddings -> dilated(join, convolution.get(), cut.get(), blocks.get(), paddings));
    }

    private NodeDef dilated(NodeDef join, NodeDef convolution, NodeDef cut, List<Long> blocks, List<Long> paddings) {
        replace(convolution, cut);
        List<Long> edges = new ArrayList<>(List.of(0L, 0L));
        edges.addAll(paddings);
        edges.addAll(List.of(0L, 0L));
        return convolution.toBuilder()
                .setName(join.getName())
                .clearInput()
                .addInput(cut.getInput(0))
                .addInput(convolution.getInput(1))
                .putAttr("dilations", list(List.of(1L, blocks.get(0), blocks.get(1), 1L)))
                .putAttr("padding", text("EXPLICIT"))
                .putAttr("explicit_paddings", list(edges))
                .build();
    }

    /** Whether a node is a convolution of maps with channels last, by every pixel and without padding. */
    private static boolean isPlain(NodeDef node) {
        return CONVOLUTIONS.contains(node.getOp())
                && node.getAttrOrDefault("padding", text(""))
                        .getS()
                        .toStringUtf8()
                        .equals("VALID")
                && node.getAttrOrDefault("data_format", text("NHWC"))
                        .getS()
                        .toStringUtf8()
                        .equals("NHWC")
                && node.getAttrOrThrow("strides").getList().getIList().equals(ONES)
                && node.getAttrOrDefault("dilations", list(ONES))
                        .getList()
                        .getIList()
                        .equals(ONES);
    }

    private Optional<NodeDef> input(NodeDef node, int index) {
        TensorName input = TensorName.parse(node.getInput(index));
        return Optional.ofNullable(nodes.get(input.node())).filter(found -> input.index() == 0);
    }

    /** The elements of an input, if it is a constant. */
    private Optional<List<Long>> integers(NodeDef node, int index) {
        return input(node, index)
                .filter(found -> found.getOp().equals("Const"))
                .map(found -> TensorProtos.real(found.getAttrOrThrow("value").getTensor()))
                .map(TensorData::longList);
    }

    private static AttrValue text(String value) {
        return AttrValue.newBuilder().setS(ByteString.copyFromUtf8(value)).build();
    }

    private static AttrValue list(List<Long> values) {
        return AttrValue.newBuilder()
                .setList(AttrValue.ListValue.newBuilder().addAllI(values))
                .build();
    }
}
