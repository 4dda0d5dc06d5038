/**
 * Training: the graph with its gradients, the optimiser, the loop, and the folder of a run, from which it goes on to the bit.
 */
package io.portolan.graphs.training;
