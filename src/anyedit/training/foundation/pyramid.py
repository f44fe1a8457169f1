"""Starting weights of the autoencoder that already carry pictures through, as the trivial baseline does.

From the usual random start this network spends its first thousand steps on the average colour of a crop: group
normalisation and SiLU stand between its input and its output. Both can be passed linearly. silu(x) - silu(-x) =
x, so colours travel as pairs (x, -x); and a pair of constants (C, -C) in the same group, larger than they, makes
the group's variance nearly the same for all pictures. Residual branches start at zero. So encoding starts as the
mean colour of 8 x 8 pixels, with the brightness of the upper half minus that of the lower as fourth latent, and
decoding as smooth enlargement of the colours; what else there is to see, training adds in the other channels,
whose start is random as usual.
"""

from __future__ import annotations

import torch
from diffusers import AutoencoderKL
from diffusers.models.downsampling import Downsample2D
from diffusers.models.resnet import ResnetBlock2D
from diffusers.models.upsampling import Upsample2D

COLOURS = ((0, 1), (4, 5), (8, 9))  # channels of (x, -x) for red, green, blue
CONSTANTS = ((2, 3), (6, 7), (10, 11))  # channels of (C, -C) beside each
CARRIED = 12
HALVES = (
    12,
    13,
)  # channels of (d, -d), d the upper half minus the lower, made by the encoder's last reduction
C = 2.0
LOG_VARIANCE = -8.0


@torch.no_grad()
def start_as_pyramid(model: AutoencoderKL) -> None:
    """Sets the starting weights in place. Needs at least 16 channels at every level, in groups of 4 or more."""
    encoder, decoder = model.encoder, model.decoder
    for block in model.modules():
        if isinstance(block, ResnetBlock2D):
            block.conv2.weight.zero_()
            block.conv2.bias.zero_()
            if block.conv_shortcut is not None:
                _carry(block.conv_shortcut, torch.ones(1, 1))
        elif isinstance(block, Downsample2D):
            _carry(block.conv, torch.tensor([[1.0, 1, 0], [1, 1, 0], [0, 0, 0]]) / 4)
        elif isinstance(block, Upsample2D):
            line = torch.tensor([1.0, 2, 1]) / 4
            _carry(block.conv, line[:, None] * line)
    for conv in (encoder.conv_in, decoder.conv_in):
        _clear(conv)
        for colour, (plus, minus) in enumerate(COLOURS):
            conv.weight[plus, colour, 1, 1] = 1.0
            conv.weight[minus, colour, 1, 1] = -1.0
        for plus, minus in CONSTANTS:
            conv.bias[plus] = C
            conv.bias[minus] = -C
    latent = int(model.config.latent_channels)
    _compare_halves(encoder)
    _read(encoder.conv_out, _spread(encoder.conv_norm_out, encoder.conv_out.in_channels))
    encoder.conv_out.weight[3] = 0.0
    encoder.conv_out.bias[3] = 0.0
    for channel, sign in zip(HALVES, (1.0, -1.0), strict=True):
        encoder.conv_out.weight[3, channel, 1, 1] = sign * _spread(
            encoder.conv_norm_out, encoder.conv_out.in_channels
        )
    encoder.conv_out.weight[latent:] = 0.0
    encoder.conv_out.bias[latent:] = LOG_VARIANCE
    for conv in (model.quant_conv, model.post_quant_conv):
        conv.weight.copy_(torch.eye(conv.weight.shape[0])[:, :, None, None])
        conv.bias.zero_()
    _read(decoder.conv_out, _spread(decoder.conv_norm_out, decoder.conv_out.in_channels))


def _compare_halves(encoder: torch.nn.Module) -> None:
    """Channels 12 and 13 after the last reduction: brightness above minus below, and its negative, handed on."""
    last = max(
        (name for name, module in encoder.named_modules() if isinstance(module, Downsample2D)), default=""
    )
    after = False
    for name, block in encoder.named_modules():
        if name == last:
            conv = block.conv
            for channel, sign in zip(HALVES, (1.0, -1.0), strict=True):
                conv.weight[channel] = 0.0
                conv.bias[channel] = 0.0
                for plus, _ in COLOURS:
                    conv.weight[channel, plus, 0, :2] = sign / 6
                    conv.weight[channel, plus, 1, :2] = -sign / 6
            after = True
        elif after and isinstance(block, ResnetBlock2D) and block.conv_shortcut is not None:
            for channel in HALVES:
                block.conv_shortcut.weight[channel] = 0.0
                block.conv_shortcut.bias[channel] = 0.0
                block.conv_shortcut.weight[channel, channel, 0, 0] = 1.0


def _clear(conv: torch.nn.Conv2d) -> None:
    conv.weight[:CARRIED] = 0.0
    conv.bias[:CARRIED] = 0.0


def _carry(conv: torch.nn.Conv2d, kernel: torch.Tensor) -> None:
    """The carried channels pass through this kernel and see no others."""
    _clear(conv)
    for channel in range(CARRIED):
        conv.weight[channel, channel] = kernel


def _read(conv: torch.nn.Conv2d, spread: float) -> None:
    """The first three outputs are the colours, undone of the group's normalisation; a fourth keeps its random
    weights over the free channels."""
    conv.weight[:3] = 0.0
    conv.bias[:3] = 0.0
    conv.weight[:, :CARRIED] = 0.0
    for colour, (plus, minus) in enumerate(COLOURS):
        conv.weight[colour, plus, 1, 1] = spread
        conv.weight[colour, minus, 1, 1] = -spread


def _spread(norm: torch.nn.GroupNorm, channels: int) -> float:
    """Standard deviation of the first group at colours of 0.3 on average."""
    inside = channels // norm.num_groups
    pairs = min(3, inside // 4)
    return float(((2 * C**2 + 2 * 0.3) * pairs / inside) ** 0.5)
