package io.portolan.checkpoints;

import io.portolan.checkpoints.safetensors.SafetensorsFile;
import io.portolan.checkpoints.values.CheckpointException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The form of a checkpoint in a safetensors file: {@link FlatForm} with {@code epoch}, {@code step} and the document as
 * texts of {@code __metadata__}. Other texts there are metadata under that name.
 */
final class SafetensorsForm {
    private static final String TEXTS = "__metadata__";
    private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,18}");

    private SafetensorsForm() {}

    static SafetensorsFile of(Checkpoint checkpoint) {
        Map<String, String> texts = new LinkedHashMap<>();
        Map<String, Object> others = new LinkedHashMap<>(checkpoint.metadata());
        if (others.get(TEXTS) instanceof Map<?, ?> foreign && isPlain(foreign)) {
            foreign.forEach((key, value) -> texts.put((String) key, (String) value));
            others.remove(TEXTS);
        }
        checkpoint.epoch().ifPresent(epoch -> texts.put(ParameterSearch.EPOCH, Long.toString(epoch)));
        checkpoint.step().ifPresent(step -> texts.put(ParameterSearch.STEP, Long.toString(step)));
        FlatForm flat = FlatForm.of(checkpoint, SafetensorsFile::holds, others);
        flat.document().ifPresent(json -> texts.put(FlatForm.DOCUMENT, json));
        return new SafetensorsFile(flat.arrays(), texts);
    }

    static FileTree read(String name, SafetensorsFile file) throws CheckpointException {
        Map<String, String> texts = new LinkedHashMap<>(file.metadata());
        FileTree flat = new FlatForm(file.arrays(), Optional.ofNullable(texts.remove(FlatForm.DOCUMENT))).tree(name);
        Map<Object, Object> root = new LinkedHashMap<>((Map<?, ?>) flat.root());
        for (String count : List.of(ParameterSearch.EPOCH, ParameterSearch.STEP)) {
            if (texts.containsKey(count)
                    && !root.containsKey(count)
                    && INTEGER.matcher(texts.get(count)).matches()) {
                root.put(count, Long.parseLong(texts.remove(count)));
            }
        }
        Map<String, Object> metadata = new LinkedHashMap<>(flat.metadata());
        if (!texts.isEmpty()) {
            metadata.put(TEXTS, Collections.unmodifiableMap(texts));
        }
        return new FileTree(root, metadata, flat.marked());
    }

    private static boolean isPlain(Map<?, ?> texts) {
        List<String> reserved = List.of(ParameterSearch.EPOCH, ParameterSearch.STEP, FlatForm.DOCUMENT);
        return !texts.isEmpty()
                && texts.entrySet().stream()
                        .allMatch(text -> text.getKey() instanceof String key
                                && text.getValue() instanceof String
                                && !reserved.contains(key));
    }
}
