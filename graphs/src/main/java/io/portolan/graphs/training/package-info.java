/**
 * Training: the graph with its gradients, the optimiser, the training loop, and the folder of a run, from which a run
 * is resumed with bit-identical results.
 */
package io.portolan.graphs.training;
