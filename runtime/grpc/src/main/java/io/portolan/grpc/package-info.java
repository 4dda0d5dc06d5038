/**
 * The Open Inference Protocol over gRPC, as a {@link io.portolan.server.Transport}. A request becomes the same
 * {@link io.portolan.server.InferenceRequest} as over HTTP. Messages are read from their bytes directly into tensors,
 * since objects for each field of a hostile message would take many times its size.
 */
package io.portolan.grpc;
