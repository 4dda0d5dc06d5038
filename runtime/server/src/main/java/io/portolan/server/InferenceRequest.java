package io.portolan.server;

import io.portolan.runtime.Tensor;
import java.util.Map;

/**
 * An inference request.
 *
 * @param id the request's id, repeated in the answer; null if there is none
 * @param inputs the inputs by name
 * @param outputs the requested outputs, in order, and whether each is wanted as binary data
 */
public record InferenceRequest(String id, Map<String, Tensor> inputs, Map<String, Boolean> outputs) {}
