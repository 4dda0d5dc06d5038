/**
 * ONNX inference in Java programs, with ONNX Runtime as the only dependency.
 *
 * <p>{@link io.portolan.runtime.ImageClassifier} classifies images with a file that Portolan exported.
 * The file describes itself ({@link io.portolan.runtime.ModelMetadata}), so nothing else has to be configured.
 * {@link io.portolan.runtime.OnnxModel} is the lower level: it runs any ONNX model on
 * {@link io.portolan.runtime.Tensor}s of any type, and {@link io.portolan.runtime.ModelBinding} runs it without
 * copying. {@link io.portolan.runtime.ImageTask} has the steps before and after the run of a classifier, for programs
 * that run the model themselves.
 *
 * <p>{@link io.portolan.runtime.RuntimeOptions} selects low latency or high throughput;
 * {@link io.portolan.runtime.RequestBatcher} collects the requests of many threads into batches.
 *
 * <p>Models, classifiers, batchers and pools may be shared by any number of threads and closed at any time; a binding
 * belongs to one thread at a time. Records and enumerations never change.
 *
 * <p>Failures are unchecked: {@link io.portolan.runtime.ModelException} for a model,
 * {@link io.portolan.images.PreprocessingException} for an image, {@link java.lang.IllegalArgumentException} for a
 * wrong argument and {@link java.lang.IllegalStateException} for use after close.
 */
package io.portolan.runtime;
