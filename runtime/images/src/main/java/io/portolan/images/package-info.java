/**
 * What a model sees of an image, without any model: {@link io.portolan.images.ImageDecoder} reads PNG and JPEG files,
 * {@link io.portolan.images.ImagePreprocessor} makes normalised float32 pixels of them as Pillow and numpy would, and
 * {@link io.portolan.images.ImageInput} says what shape a sample has and shows an image in every frame of a video.
 * {@link io.portolan.images.Shapes} is arithmetic on tensor shapes. Needs the JDK alone.
 *
 * <p>Files are taken for hostile: their size is bounded before anything is decoded, and damaged ones are refused with
 * {@link io.portolan.images.PreprocessingException}. Everything here is immutable and safe to share between threads.
 */
package io.portolan.images;
