package io.portolan.graphs.data;

import io.portolan.images.ImageInput;
import io.portolan.images.InputLayout;
import java.io.IOException;

/** Still images as videos of repeated frames, as the reference feeds its models. */
final class RepeatedFrames implements Dataset {
    private final Dataset stills;
    private final ImageInput input;

    RepeatedFrames(Dataset stills, int frames) {
        if (stills.input().layout() != InputLayout.NHWC) {
            throw new IllegalArgumentException("the samples are already videos");
        }
        this.stills = stills;
        this.input =
                ImageInput.video(frames, stills.input().height(), stills.input().width());
    }

    @Override
    public int size() {
        return stills.size();
    }

    @Override
    public ImageInput input() {
        return input;
    }

    @Override
    public int load(int index, float[] target, int offset) throws IOException {
        int label = stills.load(index, target, offset);
        input.repeatFirstFrame(target, offset);
        return label;
    }

    @Override
    public void close() throws IOException {
        stills.close();
    }
}
