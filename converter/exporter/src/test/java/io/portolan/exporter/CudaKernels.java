package io.portolan.exporter;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import io.portolan.converter.ir.OnnxType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.bytedeco.onnx.FormalParameterVector;
import org.bytedeco.onnx.OpSchema;
import org.bytedeco.onnx.OpSchemaRegistry;

/** Determines which nodes of a model ONNX Runtime can run with CUDA, by its published list of kernels. */
final class CudaKernels {
    private static final String TABLE = "/cuda-kernels.txt";

    private final Map<String, List<Kernel>> byOperator;

    /**
     * @param first version of the operator's schema
     * @param last version; {@code first} for a kernel that is not trusted with later ones
     * @param types by type constraint; a constraint that is not there is not looked at
     */
    private record Kernel(String operator, int first, int last, Map<String, Set<OnnxType>> types) {
        static Kernel parse(String line) {
            String[] words = line.split("\\s+");
            String[] versions = words[1].split("[-+]");
            Map<String, Set<OnnxType>> types = Arrays.stream(words)
                    .skip(2)
                    .map(constraint -> constraint.split("="))
                    .collect(Collectors.toMap(
                            constraint -> constraint[0],
                            constraint -> Arrays.stream(constraint[1].split(","))
                                    .map(OnnxType::valueOf)
                                    .collect(Collectors.toSet())));
            return new Kernel(
                    words[0], Integer.parseInt(versions[0]), Integer.parseInt(versions[versions.length - 1]), types);
        }

        boolean runs(int schema, Map<String, Set<OnnxType>> wanted) {
            return first <= schema
                    && schema <= last
                    && wanted.entrySet().stream()
                            .allMatch(entry -> !types.containsKey(entry.getKey())
                                    || types.get(entry.getKey()).containsAll(entry.getValue()));
        }
    }

    private CudaKernels(Map<String, List<Kernel>> byOperator) {
        this.byOperator = byOperator;
    }

    static CudaKernels read() throws IOException {
        try (InputStream table = CudaKernels.class.getResourceAsStream(TABLE)) {
            return new CudaKernels(new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(Kernel::parse)
                    .collect(Collectors.groupingBy(Kernel::operator)));
        }
    }

    /** Operators with version and types for which there is no kernel. */
    Set<String> missing(ModelProto model) {
        int opset = Math.toIntExact(model.getOpsetImport(0).getVersion());
        Map<String, OnnxType> values = types(model);
        Set<String> missing = new TreeSet<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            OpSchema schema = OpSchemaRegistry.Schema(node.getOpType(), opset, "");
            Map<String, Set<OnnxType>> wanted = new HashMap<>();
            collect(schema.inputs(), node.getInputList(), values, wanted);
            collect(schema.outputs(), node.getOutputList(), values, wanted);
            int version = schema.since_version();
            if (byOperator.getOrDefault(node.getOpType(), List.of()).stream()
                    .noneMatch(kernel -> kernel.runs(version, wanted))) {
                missing.add(node.getOpType() + " " + version);
            }
        }
        return missing;
    }

    private static void collect(
            FormalParameterVector parameters,
            List<String> names,
            Map<String, OnnxType> values,
            Map<String, Set<OnnxType>> wanted) {
        for (int i = 0; i < names.size(); i++) {
            if (!names.get(i).isEmpty()) {
                // The last parameter of some operators stands for any number of arguments.
                long parameter = Math.min(i, parameters.size() - 1);
                OnnxType type = values.get(names.get(i));
                if (type == null) {
                    throw new IllegalStateException(names.get(i) + " has no type in the file");
                }
                wanted.computeIfAbsent(parameters.get(parameter).GetTypeStr().getString(), key -> new TreeSet<>())
                        .add(type);
            }
        }
    }

    private static Map<String, OnnxType> types(ModelProto model) {
        Map<String, OnnxType> types = new HashMap<>();
        for (TensorProto constant : model.getGraph().getInitializerList()) {
            types.put(constant.getName(), type(constant.getDataType()));
        }
        Stream.of(
                        model.getGraph().getInputList(),
                        model.getGraph().getValueInfoList(),
                        model.getGraph().getOutputList())
                .flatMap(List::stream)
                .forEach((ValueInfoProto value) -> types.put(
                        value.getName(), type(value.getType().getTensorType().getElemType())));
        return types;
    }

    private static OnnxType type(int number) {
        return Arrays.stream(OnnxType.values())
                .filter(type -> type.number() == number)
                .findFirst()
                .orElseThrow();
    }
}
