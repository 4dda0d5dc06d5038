/**
 * Image preprocessing, independent of any model: {@link io.portolan.images.ImageDecoder} reads PNG and JPEG files,
 * {@link io.portolan.images.ImagePreprocessor} converts them to normalised float32 pixels as Pillow and numpy would,
 * and {@link io.portolan.images.ImageInput} describes the shape of a sample and repeats an image in every frame of a
 * video. {@link io.portolan.images.Shapes} does arithmetic on tensor shapes. The package needs only the JDK.
 *
 * <p>Files are treated as untrusted: their size is bounded before anything is decoded, and damaged ones are refused
 * with {@link io.portolan.images.PreprocessingException}. Everything here is immutable and safe to share between
 * threads.
 */
package io.portolan.images;
