/**
 * Layers with flax's names, and the scopes and weights that they are built with.
 */
package io.portolan.graphs.layers;
