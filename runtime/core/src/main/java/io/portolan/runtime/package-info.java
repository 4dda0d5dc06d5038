/**
 * ONNX inference in a Java program, with ONNX Runtime and nothing else.
 *
 * <p>{@link io.portolan.runtime.ImageClassifier} takes a file that Portolan exported and images, and gives predictions.
 * The file describes itself ({@link io.portolan.runtime.ModelMetadata}), so nothing else has to be configured.
 * {@link io.portolan.runtime.OnnxModel} is the level below: any ONNX model, with {@link io.portolan.runtime.Tensor}s of any type in
 * and out, and {@link io.portolan.runtime.ModelBinding} runs it without copying.
 * {@link io.portolan.runtime.ImageTask} has the steps before and after the run of a classifier, for programs that run the model themselves.
 *
 * <p>{@link io.portolan.runtime.RuntimeOptions} says whether each answer should come soon or many per second;
 * {@link io.portolan.runtime.RequestBatcher} gathers what many threads ask for one by one.
 *
 * <p>Models, classifiers, batchers and pools may be shared by any number of threads and closed at any time; a binding belongs to
 * one thread at a time. Records and enumerations never change.
 *
 * <p>Failures are unchecked: {@link io.portolan.runtime.ModelException} for a model,
 * {@link io.portolan.images.PreprocessingException} for an image, {@link java.lang.IllegalArgumentException} for a
 * wrong argument and {@link java.lang.IllegalStateException} for use after close.
 */
package io.portolan.runtime;
