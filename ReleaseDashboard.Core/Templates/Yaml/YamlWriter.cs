using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace ReleaseDashboard.Core.Templates.Yaml;

/// <summary>Nodes → text. Aliases are spelled out; comments are gone.</summary>
internal static class YamlWriter
{
    public static string Write(YamlEntry entry) => Write(new YamlMap(default, [entry], flow: false));

    public static string Write(YamlMap map)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(writer, new EmitterSettings().WithBestWidth(int.MaxValue));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart(null, [], isImplicit: true));
        Emit(emitter, map);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return writer.ToString();
    }

    private static void Emit(Emitter emitter, YamlNode node)
    {
        switch (node)
        {
            case YamlScalar scalar:
                // A plain text stays plain, so that a number stays a number; the emitter quotes what would change its meaning.
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, scalar.Value, Style(scalar), isPlainImplicit: scalar.Plain, isQuotedImplicit: true));
                break;
            case YamlList list:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, list.Items.Count == 0 ? SequenceStyle.Flow : SequenceStyle.Block));
                foreach (var item in list.Items) Emit(emitter, item);
                emitter.Emit(new SequenceEnd());
                break;
            case YamlMap map:
                emitter.Emit(new MappingStart(AnchorName.Empty, TagName.Empty, isImplicit: true, map.Entries.Count == 0 ? MappingStyle.Flow : MappingStyle.Block));
                foreach (var entry in map.Entries)
                {
                    Emit(emitter, entry.Key);
                    Emit(emitter, entry.Value);
                }
                emitter.Emit(new MappingEnd());
                break;
        }
    }

    private static ScalarStyle Style(YamlScalar scalar) =>
        scalar.Plain ? ScalarStyle.Plain : scalar.Value.Contains('\n', StringComparison.Ordinal) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted;
}
