package io.portolan.cli.compatibility;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The results of every export of some checkpoints in some runtimes. */
record Matrix(Map<Runtime, Found> found, List<Cell> cells) {
    /** A runtime as it was found: the name that the page gives it, and its version. */
    record Found(String name, String version) {}

    /**
     * One export in one runtime.
     *
     * @param answer what the runtime made of it; empty if it did not take it
     * @param difference the largest difference from TensorFlow, if there is an answer
     * @param refusal what the runtime said, if there is none
     */
    record Cell(
            Runtime runtime,
            Variant variant,
            Subject subject,
            Optional<Engine.Answer> answer,
            double difference,
            String refusal) {}

    /**
     * Runs everything in everything; each checkpoint is exported once in each way, each runtime started once.
     *
     * @param folder for what is written on the way
     */
    static Matrix of(List<Runtime> runtimes, List<Variant> variants, List<Subject> subjects, Path folder)
            throws Exception {
        Map<Subject, Map<Variant, Path>> models = new LinkedHashMap<>();
        for (Subject subject : subjects) {
            Map<Variant, Path> exports = new EnumMap<>(Variant.class);
            variants.forEach(variant -> exports.put(variant, subject.export(variant)));
            models.put(subject, exports);
        }
        Map<Runtime, Found> found = new EnumMap<>(Runtime.class);
        List<Cell> cells = new ArrayList<>();
        for (Runtime runtime : runtimes) {
            try (Engine engine = runtime.start(folder)) {
                found.put(runtime, new Found(engine.name(), engine.version()));
                for (Subject subject : subjects) {
                    for (Map.Entry<Variant, Path> model : models.get(subject).entrySet()) {
                        cells.add(cell(runtime, engine, model.getKey(), model.getValue(), subject));
                    }
                }
            }
        }
        return new Matrix(found, cells);
    }

    private static Cell cell(Runtime runtime, Engine engine, Variant variant, Path model, Subject subject)
            throws IOException {
        try {
            Engine.Answer answer = engine.run(model, subject.sample());
            return new Cell(runtime, variant, subject, Optional.of(answer), subject.difference(answer.logits()), "");
        } catch (Engine.RefusalException refused) {
            return new Cell(runtime, variant, subject, Optional.empty(), Double.NaN, refused.getMessage());
        }
    }
}
