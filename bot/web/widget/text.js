// The widget's own words: Indonesian and English. {mu} and {kamu} follow the site's way of address. What the bot says comes from the server.
const WORDS = {
  id: {
    open: 'Buka obrolan', close: 'Tutup obrolan', menu: 'Menu', bot: 'Pemandu otomatis', human: 'Konselor', input: 'Tulis pesan{mu}', send: 'Kirim',
    queued: 'Menunggu sinyal', sending: 'Mengirim …', sent: 'Terkirim', failed: 'Tidak terkirim', retry: 'Coba lagi', drop: 'Buang',
    offline: 'Tidak ada sambungan. Pesan{mu} tetap disimpan dan dikirim begitu tersambung.', connecting: 'Menyambungkan …', online: 'Tersambung',
    stopped: 'Sambungan berhenti.', again: 'Sambungkan lagi', version: 'Obrolan ini sudah diperbarui. Muat ulang halamannya, ya.',
    denied: 'Obrolan tidak dibuka dari halaman ini.', typing: 'Pandu sedang mengetik', unread: '{n} pesan baru', newer: 'Ke pesan terbaru', earlier: 'Pesan sebelumnya',
    choices: 'Pilihan jawaban', progress: 'Pertanyaan {at} dari {of}', result: 'Hasil', copy: 'Salin', copied: 'Tersalin', print: 'Cetak',
    long: 'Pesannya terlalu panjang. Bagi jadi beberapa pesan, ya.', language: 'English', end: 'Akhiri obrolan', download: 'Unduh obrolan{mu}',
    erase: 'Hapus obrolan{mu}', exit: 'Keluar cepat', sure: 'Semua pesan di obrolan ini dihapus dan tidak bisa dikembalikan. Hapus?',
    ending: 'Obrolan dilepas dari perangkat ini. Kalau mau, unduh dulu salinannya. Akhiri?',
    yes: 'Ya', no: 'Tidak', erased: 'Obrolan{mu} sudah dihapus.', ended: 'Obrolan diakhiri. Terima kasih!', rate: 'Apakah obrolan tadi membantu?', thanks: 'Terima kasih!',
    nothing: 'Belum ada yang tersimpan.', trouble: 'Itu belum berhasil. Coba lagi sebentar lagi, ya.', you: 'Kamu', shared: 'HP bersama: tidak ada yang disimpan di perangkat ini.',
  },
  en: {
    open: 'Open chat', close: 'Close chat', menu: 'Menu', bot: 'Automatic guide', human: 'Counsellor', input: 'Write your message', send: 'Send',
    queued: 'Waiting for a signal', sending: 'Sending …', sent: 'Sent', failed: 'Not sent', retry: 'Try again', drop: 'Discard',
    offline: 'No connection. Your messages are kept and sent as soon as there is one.', connecting: 'Connecting …', online: 'Connected',
    stopped: 'The connection has stopped.', again: 'Connect again', version: 'This chat was updated. Please reload the page.',
    denied: 'The chat cannot be opened from this page.', typing: 'Pandu is typing', unread: '{n} new messages', newer: 'To the newest message', earlier: 'Earlier messages',
    choices: 'Possible answers', progress: 'Question {at} of {of}', result: 'Result', copy: 'Copy', copied: 'Copied', print: 'Print',
    long: 'The message is too long. Please send it in several parts.', language: 'Bahasa Indonesia', end: 'End chat', download: 'Download your chat',
    erase: 'Delete your chat', exit: 'Quick exit', sure: 'All messages of this chat will be deleted and cannot be brought back. Delete?',
    ending: 'The chat is taken off this device. Download a copy first if you want one. End it?',
    yes: 'Yes', no: 'No', erased: 'Your chat has been deleted.', ended: 'The chat has ended. Thank you!', rate: 'Did this chat help?', thanks: 'Thank you!',
    nothing: 'Nothing is stored yet.', trouble: 'That did not work. Please try again in a moment.', you: 'You', shared: 'Shared phone: nothing is kept on this device.',
  },
};

export const languageOf = (tag) => (String(tag || '').toLowerCase().startsWith('en') ? 'en' : 'id');

/** words(language, isFormal) → t(key, {n: 3}). */
export function words(language, isFormal) {
  const address = { mu: isFormal ? ' Anda' : 'mu', kamu: isFormal ? 'Anda' : 'kamu' };
  return (key, values) => {
    const text = isFormal && language === 'id' && key === 'you' ? 'Anda' : WORDS[language][key] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name) => ({ ...address, ...values })[name] ?? whole);
  };
}
