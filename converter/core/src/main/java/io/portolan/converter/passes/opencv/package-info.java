/**
 * What the dnn module of OpenCV 4 needs written otherwise.
 */
package io.portolan.converter.passes.opencv;
