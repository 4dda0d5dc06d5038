package io.portolan.server;

import io.portolan.runtime.Tensor;
import java.util.Map;

/**
 * What a client wants computed.
 *
 * @param id that the answer repeats; null if there is none
 * @param inputs by name
 * @param outputs that are asked for, in order, and whether as binary data
 */
record InferenceRequest(String id, Map<String, Tensor> inputs, Map<String, Boolean> outputs) {}
