using MudBlazor;

namespace ReleaseDashboard.Components.Layout;

/// <summary>One palette, light and dark: neutral greys with one accent; state colours meet AA on both surfaces. css/app.css repeats the two backgrounds for the first paint.</summary>
internal static class DashboardTheme
{
    private static readonly string[] Sans = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Ubuntu", "Cantarell", "Noto Sans", "sans-serif"];

    public static MudTheme Create() => new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#4f46e5",
            Secondary = "#52525b",
            Info = "#1d4ed8",
            Success = "#15803d",
            Warning = "#a34a00",
            Error = "#b91c1c",
            Dark = "#27272a",
            Background = "#fafafa",
            BackgroundGray = "#f4f4f5",
            Surface = "#ffffff",
            AppbarBackground = "#ffffff",
            AppbarText = "#18181b",
            DrawerBackground = "#ffffff",
            TextPrimary = "#18181b",
            TextSecondary = "#52525b",
            TextDisabled = "#71717a",
            ActionDefault = "#52525b",
            ActionDisabled = "#71717a",
            LinesDefault = "#e4e4e7",
            LinesInputs = "#a1a1aa",
            TableLines = "#e4e4e7",
            TableHover = "#f4f4f5",
            Divider = "#e4e4e7",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#a5b4fc",
            PrimaryContrastText = "#1e1b4b",
            Secondary = "#a1a1aa",
            Info = "#7cb2ff",
            Success = "#4ade80",
            Warning = "#fbbf24",
            Error = "#f98080",
            ErrorContrastText = "#2a0808",
            Dark = "#d4d4d8",
            Background = "#0f0f11",
            BackgroundGray = "#18181b",
            Surface = "#17171a",
            AppbarBackground = "#17171a",
            AppbarText = "#f4f4f5",
            DrawerBackground = "#17171a",
            TextPrimary = "#f4f4f5",
            TextSecondary = "#b0b0b8",
            TextDisabled = "#8b8b94",
            ActionDefault = "#b0b0b8",
            ActionDisabled = "#8b8b94",
            LinesDefault = "#2c2c31",
            LinesInputs = "#5b5b64",
            TableLines = "#2c2c31",
            TableHover = "#212125",
            Divider = "#2c2c31",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            H1 = new H1Typography { FontFamily = Sans, FontSize = "20px", FontWeight = "600", LineHeight = "28px", LetterSpacing = "-0.01em" },
            H2 = new H2Typography { FontFamily = Sans, FontSize = "15px", FontWeight = "600", LineHeight = "22px", LetterSpacing = "normal" },
            H6 = new H6Typography { FontFamily = Sans, FontSize = "16px", FontWeight = "600", LineHeight = "24px", LetterSpacing = "normal" },
            Body1 = new Body1Typography { FontFamily = Sans, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            Body2 = new Body2Typography { FontFamily = Sans, FontSize = "13px", LineHeight = "20px", LetterSpacing = "normal" },
            Subtitle1 = new Subtitle1Typography { FontFamily = Sans, FontSize = "14px", LineHeight = "20px", LetterSpacing = "normal" },
            Subtitle2 = new Subtitle2Typography { FontFamily = Sans, FontSize = "13px", LineHeight = "20px", LetterSpacing = "normal" },
            Caption = new CaptionTypography { FontFamily = Sans, FontSize = "12px", LineHeight = "16px", LetterSpacing = "normal" },
            Button = new ButtonTypography { FontFamily = Sans, FontSize = "13px", FontWeight = "500", LineHeight = "20px", LetterSpacing = "normal", TextTransform = "none" },
        },
    };
}
