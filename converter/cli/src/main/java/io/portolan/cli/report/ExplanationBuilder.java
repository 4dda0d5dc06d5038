package io.portolan.cli.report;

import io.portolan.checkpoints.Checkpoint;
import io.portolan.converter.Stages;
import io.portolan.graphs.attribution.BilinearApproximation;
import io.portolan.graphs.attribution.IntegratedGradients;
import io.portolan.graphs.attribution.ModelExplainer;
import io.portolan.graphs.attribution.Plane;
import io.portolan.graphs.config.ModelConfig;
import io.portolan.runtime.Prediction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Computes the data of a report from a model, part by part. */
public final class ExplanationBuilder {
    private final ModelExplainer explainer;
    private final Stages stages;

    /**
     * @param path the integration path of gradients
     * @param chosenClass the class whose logit to explain; empty for each image's verdict
     * @param simplified whether to add the simplified bilinear model, which exists only for {@code hgru_bi}
     * @param everyChannel whether to keep the terms of each step for every channel, and the attention of every place, rather than their means
     */
    public record Options(
            IntegratedGradients.Path path, OptionalInt chosenClass, boolean simplified, boolean everyChannel) {}

    /**
     * An image to explain.
     *
     * @param source its file
     * @param input the normalised input of the model
     * @param remark how it was changed before or what it is, or empty
     * @param ownClass the class to explain for this image, such as its label; empty for that of the options
     */
    public record Image(String source, float[] input, String remark, OptionalInt ownClass) {}

    /** @param stages notified of each part as it ends */
    public ExplanationBuilder(ModelExplainer explainer, Stages stages) {
        this.explainer = explainer;
        this.stages = stages;
    }

    /**
     * @param name of the checkpoint
     * @throws io.portolan.runtime.ModelException if a logit is not finite
     */
    public Explanation explain(
            String name,
            Checkpoint checkpoint,
            ModelConfig config,
            List<String> labels,
            List<Image> images,
            Options options) {
        List<Prediction> predictions = each(
                "predictions", images, image -> Prediction.of(image.source(), explainer.logits(image.input()), labels));
        List<Integer> classes = IntStream.range(0, images.size())
                .mapToObj(i -> images.get(i)
                        .ownClass()
                        .orElse(options.chosenClass().orElse(predictions.get(i).classIndex())))
                .toList();
        var temporal = eachOf("temporal gradients", images, classes, explainer::temporalGradients);
        var mechanisms = eachOf("mechanisms", images, classes, explainer::mechanismGradients);
        var integrated = eachOf(
                "integrated gradients",
                images,
                classes,
                (input, chosen) -> explainer.integratedGradients(input, chosen, options.path()));
        List<List<Plane>> rollouts =
                images.stream().map(image -> explainer.rollout(image.input())).toList();
        List<Explanation.Sample> samples = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            samples.add(new Explanation.Sample(
                    predictions.get(i),
                    images.get(i).input(),
                    images.get(i).remark(),
                    classes.get(i),
                    temporal.get(i),
                    mechanisms.get(i),
                    integrated.get(i),
                    rollouts.get(i)));
        }
        List<Explanation.Cell> cells = new ArrayList<>();
        for (String cell : explainer.modules()) {
            cells.add(explain(cell, images, classes, options));
        }
        return new Explanation(
                name,
                checkpoint,
                config,
                explainer.notation(),
                explainer.roles(),
                explainer.absences(),
                labels,
                options.path(),
                samples,
                cells);
    }

    private Explanation.Cell explain(String cell, List<Image> images, List<Integer> classes, Options options) {
        Optional<List<BilinearApproximation.Run>> approximations = options.simplified()
                ? Optional.of(each(cell + ": simplified", images, image -> explainer.simplified(cell, image.input())))
                : Optional.empty();
        return new Explanation.Cell(
                cell,
                explainer.gateSummary(cell),
                each(
                        cell + ": gates and states",
                        images,
                        image -> explainer.observe(cell, image.input()),
                        observation -> !observation.isEmpty()),
                eachOf(
                                cell + ": terms by step",
                                images,
                                classes,
                                (input, chosen) -> explainer
                                        .stepTerms(cell, input, chosen)
                                        .map(terms -> options.everyChannel() ? terms : terms.meansOnly()),
                                Optional::isPresent)
                        .stream()
                        .flatMap(Optional::stream)
                        .toList(),
                stages.runOptional(
                        cell + ": transition matrix",
                        () -> explainer.transition(cell, concatenated(images)),
                        transition -> transition.map(found -> "")),
                stages.runOptional(
                        cell + ": kernels",
                        () -> explainer.kernels(cell),
                        kernels -> counted(kernels.size(), "kernel")),
                explainer.filters(cell),
                stages.runOptional(
                        cell + ": receptive field",
                        () -> explainer.receptiveField(cell, images.get(0).input()),
                        field -> field.map(found -> "")),
                each(
                        cell + ": attention",
                        images,
                        image -> explainer.attention(cell, image.input()).stream()
                                .map(layer -> options.everyChannel() ? layer : layer.meansOnly())
                                .toList(),
                        layers -> !layers.isEmpty()),
                approximations);
    }

    /** A computation on an input and a class. */
    private interface Question<T> {
        T of(float[] input, int chosenClass);
    }

    private <T> List<T> eachOf(String part, List<Image> images, List<Integer> classes, Question<T> question) {
        return eachOf(part, images, classes, question, answer -> true);
    }

    private <T> List<T> eachOf(
            String part, List<Image> images, List<Integer> classes, Question<T> question, Predicate<T> found) {
        return answers(part, images, i -> question.of(images.get(i).input(), classes.get(i)), found);
    }

    private <T> List<T> each(String part, List<Image> images, Function<Image, T> question) {
        return each(part, images, question, answer -> true);
    }

    private <T> List<T> each(String part, List<Image> images, Function<Image, T> question, Predicate<T> found) {
        return answers(part, images, i -> question.apply(images.get(i)), found);
    }

    /** @param found whether an answer says anything; the part is not reported if none does */
    private <T> List<T> answers(String part, List<Image> images, IntFunction<T> answer, Predicate<T> found) {
        return stages.runOptional(
                part,
                () -> IntStream.range(0, images.size()).mapToObj(answer).toList(),
                answers -> counted(answers.stream().filter(found).count(), "image"));
    }

    private static Optional<String> counted(long count, String what) {
        return count == 0 ? Optional.empty() : Optional.of(count + " " + what + (count == 1 ? "" : "s"));
    }

    private static float[] concatenated(List<Image> images) {
        int size = images.get(0).input().length;
        float[] all = new float[Math.multiplyExact(size, images.size())];
        for (int i = 0; i < images.size(); i++) {
            System.arraycopy(images.get(i).input(), 0, all, i * size, size);
        }
        return all;
    }
}
