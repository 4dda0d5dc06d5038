/**
 * Large constants stored in smaller types: float16, and 8-bit integers with scales.
 */
package io.portolan.converter.passes.weights;
