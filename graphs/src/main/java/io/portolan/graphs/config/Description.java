package io.portolan.graphs.config;

import java.util.Map;

/**
 * What is said of a model.
 *
 * @param overrides the user's single fields by name
 * @param options a configuration file's fields and the checkpoint's own arguments, the file's in front
 * @param isWhole whether the options describe a whole model, so that those left out have the reference's defaults
 */
record Description(Map<String, String> overrides, Map<String, Object> options, boolean isWhole) {}
