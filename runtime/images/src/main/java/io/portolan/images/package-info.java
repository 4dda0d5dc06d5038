/**
 * What a model sees of an image: PNG and JPEG files decoded within bounds, made grey, resized and normalised as Pillow does, to the bit.
 */
package io.portolan.images;
