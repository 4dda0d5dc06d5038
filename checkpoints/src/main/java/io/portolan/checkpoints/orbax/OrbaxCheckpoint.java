package io.portolan.checkpoints.orbax;

import java.util.Map;

/**
 * What a directory holds.
 *
 * @param root the tree: dictionaries, lists, text, {@code null} and arrays, whose elements are read when they are asked for
 * @param metadata the items that are JSON, by name, and what the program that saved the checkpoint added to it
 * @param description storage, step and items, such as {@code orbax (OCDBT, zarr v2), step 2 of 1, 2, item 'state'}
 */
public record OrbaxCheckpoint(Object root, Map<String, Object> metadata, String description) {}
