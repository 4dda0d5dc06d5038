package io.portolan.graphs.training;

import java.util.Map;

/**
 * A loss and its gradients.
 *
 * @param logits logits of the batch in training mode, (B, classes)
 * @param input gradient by the input, in its shape
 * @param parameters gradient by each parameter, by path
 */
public record LossGradients(double loss, float[] logits, float[] input, Map<String, float[]> parameters) {}
